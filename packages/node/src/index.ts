export { admit, admittedUser, isAdmitted } from './admission'
export { keepRawBody, type BodyHolder } from './body'
export { connectionHeaders } from './connection'
export { nodeView, type NodeRequest } from './view'
