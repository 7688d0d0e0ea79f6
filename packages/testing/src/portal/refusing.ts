import type { Plan } from '../cases/case'
import type { CaseResponse } from '../cases/response'
import { DEFECTS } from '../defects'
import type { Defect } from '../recipes/recipe'
import { claiming } from './claiming'
import { dueTo, NOBODY, type World } from './world'

/** What must be refused. */
export function refusingPlans(world: World): readonly Plan[] {
  const defects = world.defects.map((defect) => defectPlan(world, defect))
  const others = [...otherMethods(world), afterUser(world), selfMade(world)]
  return world.optional ? defects : [...defects, ...others]
}

function defectPlan(world: World, defect: Defect): Plan {
  const { says } = DEFECTS[defect]
  const expect = dueTo(world, defect)
  const passes = expect.code === null
  return {
    id: defect,
    name: passes ? `lets in ${defect}: ${says}` : `refuses ${defect}: ${says}`,
    expect,
    async play(stage) {
      const { before, request } = await world.wrong(defect)
      for (const each of before) await stage.pass(each, 'what comes before')
      if (passes) return stage.pass(request, says)
      const response = await stage.send(request, says, expect)
      if (!isParsersOwn(world, response)) return stage.expect(response)
      return stage.pass(await world.good(), 'a signed user, after a parser refused another')
    },
  }
}

/** A parser before the guard, with `keepRawBody`, may refuse a body that it cannot read. */
function isParsersOwn({ signsBody }: World, { status, code }: CaseResponse): boolean {
  return signsBody && code === null && [400, 413, 415, 422].includes(status)
}

function refusing(id: string, name: string, play: Plan['play']): Plan {
  return { id, name, expect: NOBODY, play }
}

/** The other methods that the guard watches. */
function otherMethods({ options, method, stranger, good }: World): readonly Plan[] {
  const others = [...new Set([...(options.methods ?? []), ...(method === 'GET' ? ['HEAD'] : [])])]
  return others
    .filter((other) => other !== method)
    .map((other) =>
      refusing(`stranger-${other}`, `refuses nobody’s ${other}`, async (stage) => {
        const signed = await stage.send(await good({ method: other }), `a signed user’s ${other}`)
        const exists = signed.status !== 404 && signed.status !== 405
        if (exists) await stage.refuse(stranger(other), `nobody’s ${other}`, NOBODY)
        return stage.refuse(stranger(), 'nobody', NOBODY)
      }),
    )
}

/** What the guard found out about one must not serve the next. */
function afterUser({ stranger, good }: World): Plan {
  const name = 'refuses nobody on the connection on which a signed user came'
  return refusing('stranger-after-user', name, async (stage) => {
    const line = stage.onOneLine()
    await line.pass(await good(), 'a signed user')
    return line.refuse(stranger(), 'nobody, after a signed user on the same connection', NOBODY)
  })
}

/** Who merely says who he is, is nobody. */
function selfMade({ stranger }: World): Plan {
  const name = 'refuses who merely says who they are'
  return refusing('self-made', name, async (stage) => {
    const ask = claiming(stranger(), 'countersign-user-1')
    return stage.refuse(ask, 'nobody, with the name of somebody', NOBODY)
  })
}
