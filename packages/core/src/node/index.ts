export { keepRawBody, type BodyHolder } from './body'
export { connectionHeaders } from './connection'
export { settleOnAnswer } from './settle'
export { NodeView } from './view'
