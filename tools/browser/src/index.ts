export {
  chromiumHere,
  describeInBrowser,
  openChromium,
  type Chromium,
  type ChromiumOptions,
} from './chromium'
export { serve, type Site } from './site'
