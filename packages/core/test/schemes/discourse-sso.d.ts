declare module 'discourse-sso' {
  export default class DiscourseSso {
    constructor(secret: string)
    validate(payload: string, signature: string): boolean
    getNonce(payload: string): string
    buildLoginString(claims: Readonly<Record<string, string | boolean>>): string
  }
}
