import { curl } from './curl'
import { javascript, type Grammar } from './javascript'
import { php } from './php'
import { python } from './python'
import { ruby } from './ruby'

/** The languages in which `explain` shows the correct lines. */
export type Language = 'javascript' | 'python' | 'php' | 'ruby' | 'curl'

export const GRAMMARS: Readonly<Record<Language, Grammar>> = { javascript, python, php, ruby, curl }
