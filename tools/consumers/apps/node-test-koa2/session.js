// Who the tests are when somebody is signed in.
export const user = { id: 42 }
export const asUser = { cookie: 'session=ada' }
