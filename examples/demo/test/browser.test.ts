import { describeInBrowser } from '@countersign/browser-tests'
import { testAccess } from './browser/access'
import { testBoards } from './browser/boards'
import { testFlows } from './browser/flows'
import { testLab } from './browser/lab'
import { visitInBrowser } from './in-browser'

// one file, because a browser and a demo take longer to start than these tests take
describeInBrowser('in a browser', () => {
  const visit = visitInBrowser()
  testLab(visit)
  testFlows(visit)
  testBoards(visit)
  testAccess(visit)
})
