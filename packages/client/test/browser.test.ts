import { describeInBrowser } from '@countersign/browser-tests'
import { testEmbedPortal } from './browser/embed-portal'
import { testForms } from './browser/form'
import { testOpenPortal } from './browser/open-portal'
import { testSignIn } from './browser/sign-in'
import { lab } from './lab'

// one file, because a browser takes longer to start than these tests take
describeInBrowser('in a browser', () => {
  const at = lab()
  testEmbedPortal(at)
  testForms(at)
  testOpenPortal(at)
  testSignIn(at)
})
