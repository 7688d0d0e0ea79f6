// Who the tests are when somebody is signed in.
export const user = { id: 42, email: 'ada@example.com', name: 'Ada' }
export const asUser = { cookie: 'session=ada' }
