// Who the tests are when somebody is signed in.
exports.user = { id: 42, email: 'ada@example.com', name: 'Ada' }
exports.asUser = { cookie: 'session=ada' }
