export { catalogue, PATH, readData } from './catalogue'
export type { Catalogue, Expected, SchemeName, TokenCase } from './catalogue'
export { catalogueRun, type CatalogueRun } from './catalogue-run'
export { coreFront, viewOf } from './core-front'
export { documentedCases, type Delivery, type DocumentedCase } from './documented'
export { fdbackDeliveries, type FdbackReply } from './fdback-deliveries'
export { errorText, objectText, wireText } from './exposures'
export { verdictOf } from './front'
export type { Answer, Front, FrontOptions, Handled, OpenFront } from './front'
export { fronts, httpFronts } from './fronts'
export { cataloguePortal, freshStore, rotation, settingOf, settingOptions } from './portals'
export type { FreshStore, Setting } from './portals'
export {
  chunk,
  createLeakScanner,
  DEADLINE,
  openRaw,
  requestBytes,
  sendRaw,
  type LeakScanner,
  type RawAnswer,
  type RawBody,
  type RawConnection,
  type RawHeader,
  type RawRequest,
  type Sensitive,
} from '@countersign/testing'
export { secrets, sensitiveIn } from './sensitive'
export { EXPRESS, incoming, KOA, listen, serveExpress, serveKoa } from './servers'
export type { ExpressMajor, KoaMajor, RunningServer } from './servers'
