// Who the tests are when somebody is signed in.
exports.user = { email: 'ada@example.com', name: 'Ada' }
exports.asUser = { cookie: 'session=ada' }
