const battery = require('./battery.cjs')

battery({
  core: require('@countersign/core'),
  door: require('@countersign/core/door'),
  express: require('@countersign/express'),
  koa: require('@countersign/koa'),
  Express: require('express'),
  Koa: require('koa'),
}).catch((error) => {
  console.error(error)
  process.exitCode = 1
})
