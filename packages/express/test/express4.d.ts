// The older major is installed under a name of its own; for our tests its types are the same.
declare module 'express4' {
  import express = require('express')
  export = express
}
