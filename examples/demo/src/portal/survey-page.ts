import { html, type Html } from '../html'
import { howWeKnow } from './how-we-know'
import { page } from './layout'
import type { Proof } from './visitor'

export interface SurveyPage {
  readonly proof: Proof
  /** Whether an answer came without a rating. */
  readonly missing: boolean
}

const RATINGS = ['Poor', 'Could be better', 'All right', 'Good', 'Great']

/** The survey. Its form goes to its own address, which holds the signed link. */
export function surveyPage({ proof, missing }: SurveyPage): Html {
  return page({
    title: 'A question from Lantern',
    theme: 'harlyy',
    product: 'Harlyy',
    notice: missing ? 'Choose one of the five first. Your link is still good.' : undefined,
    main: html`<div class="columns">
      <div class="side">
        ${howWeKnow({
          scheme: 'Harlyy signed link',
          who: 'Nobody in particular: this link carries no name',
          proof,
        })}
      </div>
      <form class="survey" method="post">
        <fieldset class="ratings">
          <legend><h1>How was your autumn with Lantern?</h1></legend>
          ${RATINGS.map(
            (text, index) =>
              html`<label
                ><input type="radio" name="rating" value="${index + 1}" required /><span
                  ><strong>${index + 1}</strong> ${text}</span
                ></label
              >`,
          )}
        </fieldset>
        <label for="remark">Anything else? <small>(if you like)</small></label>
        <textarea id="remark" name="remark" maxlength="500" rows="4"></textarea>
        <button class="button">Send my answer</button>
        <p class="small">Your link is good for one answer.</p>
      </form>
    </div>`,
  })
}

export function thanksPage(): Html {
  return page({
    title: 'Thank you',
    theme: 'harlyy',
    product: 'Harlyy',
    main: html`<div class="single">
      <span class="seal" aria-hidden="true"></span>
      <h1>Thank you.</h1>
      <p>
        Your answer is with us, and your link has done its work: nobody can answer with it again.
      </p>
    </div>`,
  })
}
