export { canny, type CannyInput, type CannyUser } from './canny'
export { discourseConnect, type DiscourseInput, type DiscourseUser } from './discourse-connect'
export { fdback, type FdbackInput, type FdbackUser } from './fdback'
export { featkit, type FeatKitInput, type FeatKitUser } from './featkit'
export { featurebase, type FeaturebaseInput, type FeaturebaseUser } from './featurebase'
export { harlyy, type HarlyyUser } from './harlyy'
export {
  chatwoot,
  crisp,
  front,
  helpScout,
  identifierHash,
  novu,
  pylon,
  type EmailIdentifiedInput,
  type EmailIdentifiedUser,
  type IdentifiedInput,
  type IdentifiedUser,
} from './identifier-hash'
export { intercom, type IntercomInput, type IntercomUser } from './intercom'
export { seggwat, type SeggWatInput, type SeggWatOptions, type SeggWatUser } from './seggwat'
export { userjot, type UserJotInput, type UserJotUser } from './userjot'
export { zendesk, type ZendeskInput, type ZendeskUser } from './zendesk'
export {
  zendeskMessaging,
  type ZendeskMessagingInput,
  type ZendeskMessagingUser,
} from './zendesk-messaging'
