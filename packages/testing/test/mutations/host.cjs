// Serves each app whose file it is sent, and answers with its port.
process.on('message', (file) => {
  const server = require(file).app.listen(0, '127.0.0.1', () => process.send(server.address().port))
})
process.on('disconnect', () => process.exit())
