import { seggwat, type SeggWatOptions } from '@countersign/core/schemes'

// One scheme of each kind, by the name of its kind.
//   link     `?token=payload.signature`, the text signed; signing needs `slug`
//   jwt      `?token=header.payload.signature`, meant for one `projectKey`; can be embedded
//   once     `?sig=…`, single-use; signing needs `businessId` and `surveyId`
//   message  a signed body in three carriers; signing needs `workspaceId`
export {
  featkit as link,
  harlyy as once,
  fdback as message,
  type FeatKitInput as Input,
} from '@countersign/core/schemes'

export const jwt = (options: Omit<SeggWatOptions, 'mode'>) => seggwat({ ...options, mode: 'jwt' })
