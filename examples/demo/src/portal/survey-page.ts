import { html, type Html } from '../html'
import { howWeKnow } from './how-we-know'
import { page } from './layout'
import type { Proof } from './visitor'

export interface SurveyPage {
  readonly proof: Proof
  /** True where an answer had no rating. */
  readonly missing: boolean
  readonly appOrigin: string
}

const RATINGS = ['Poor', 'Could be better', 'All right', 'Good', 'Great']

/** The survey. Its form goes to its own address, which holds the signed link. */
export function surveyPage({ proof, missing, appOrigin }: SurveyPage): Html {
  return page({
    title: 'A question from Lantern',
    theme: 'harlyy',
    product: 'Harlyy',
    notice: missing ? 'Please choose one of the five. Your link can still be used.' : undefined,
    appOrigin,
    main: html`<div class="columns">
      <div class="side">
        ${howWeKnow({
          scheme: 'Harlyy one-time link',
          who: 'This link does not contain a name',
          proof,
        })}
      </div>
      <form class="stack survey" method="post">
        <fieldset class="ratings">
          <legend><h1>How was your autumn with Lantern?</h1></legend>
          ${RATINGS.map(
            (text, index) =>
              html`<label class="option"
                ><input type="radio" name="rating" value="${index + 1}" required /><span
                  ><strong>${index + 1}</strong> ${text}</span
                ></label
              >`,
          )}
        </fieldset>
        <label for="remark">Anything else? <small>(optional)</small></label>
        <textarea id="remark" name="remark" maxlength="500" rows="4"></textarea>
        <button class="button">Send my answer</button>
        <p class="small">Your link can be used for one answer.</p>
      </form>
    </div>`,
  })
}

export function thanksPage(appOrigin: string): Html {
  return page({
    title: 'Thank you',
    theme: 'harlyy',
    product: 'Harlyy',
    appOrigin,
    main: html`<div class="single">
      <span class="seal" aria-hidden="true">✓</span>
      <h1>Thank you.</h1>
      <p class="soft">
        Your answer is saved. Your link is used up, so no second answer can be sent with it.
      </p>
    </div>`,
  })
}
