export { closeAfter, keepRawBody, type BodyHolder } from './body'
export { settleOnAnswer } from './settle'
export { NodeView } from './view'
