export { describeInBrowser, openChromium, type ChromiumOptions } from './chromium'
export { serve, type Site } from './site'
