export { fdback, type FdbackInput, type FdbackUser } from './fdback'
export { featkit, type FeatKitInput, type FeatKitUser } from './featkit'
export { harlyy, type HarlyyUser } from './harlyy'
export { seggwat, type SeggWatInput, type SeggWatOptions, type SeggWatUser } from './seggwat'
