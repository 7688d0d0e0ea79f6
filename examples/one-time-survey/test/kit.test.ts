import { memoryReplayStore } from '@countersign/express'
import { describePortal } from '@countersign/testing'
import { memoryAnswers } from '../src/answers'
import { createApp } from '../src/app'
import { SURVEY_PATH } from '../src/survey'
import { portal } from './visits'

const app = createApp({ portal, replayStore: memoryReplayStore(), answers: memoryAnswers() })

describePortal(app, {
  route: SURVEY_PATH,
  portal,
  rejections: 'forward', // the refusals are pages for people
  consume: { lease: 30 },
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: 'rating=4&remark=Warm',
})
