export { replayStoreCases, type ReplayStoreCase } from './store/cases'
export type { ReplayStoreCaseOptions } from './store/trial'
export type { Finding } from './finding'
export { DEFECTS, defectsFor, type DefectEntry } from './defects'
export { mint, type MintOptions } from './mint'
export type { Expectation, Minted, WireHeader, WireRequest } from './minted'
export type { Defect, DefectGroup, GuardFacts } from './recipes/recipe'
export { testSecret } from './test-secret'
export type { PendingRequest } from './supertest/pending'
export { signed, type SignedOptions } from './supertest/signed'
export { signedLink, type SignedLinkOptions } from './supertest/signed-link'
export { asStranger } from './supertest/stranger'
export { portalCases } from './portal/cases'
export type { PortalCaseOptions } from './portal/options'
export type { ConformanceCase } from './cases/case'
export type { CaseResponse } from './cases/response'
export type { Target } from './wire/target'
export { signEndpointCases } from './sign/cases'
export type { Person, SignEndpointCaseOptions } from './sign/options'
export {
  describePortal,
  describeReplayStore,
  describeSignEndpoint,
  type PortalSuite,
  type SignEndpointSuite,
} from './describe'
export { createLeakScanner, SHORTEST, type LeakScanner, type Sensitive } from './leak-scanner'
export type { RawAnswer } from './wire/raw-answer'
export {
  chunk,
  DEADLINE,
  openRaw,
  requestBytes,
  sendRaw,
  type Address,
  type RawBody,
  type RawConnection,
  type RawHeader,
  type RawRequest,
  type TcpAddress,
} from './wire/raw-http'
