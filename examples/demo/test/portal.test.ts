import { testBoards } from './portal/board'
import { testRefusals } from './portal/refusal'
import { testSurvey } from './portal/survey'
import { demoForTests } from './running-demo'

// one file, because a demo takes longer to start than these tests take
const demo = demoForTests()

testBoards(demo)
testRefusals(demo)
testSurvey(demo)
