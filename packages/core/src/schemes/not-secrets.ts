/** Values that people paste in the place of a signing secret, by how they begin. */
export const notSecrets: Readonly<Record<string, string>> = {
  pk_: 'a publishable key',
  proj_: 'the id of a project',
  ws_: 'the id of a workspace',
  oat_: 'an access token',
  whsec_: 'the secret of a webhook',
  'v1,': 'a webhook signature',
  'Bearer ': 'an `Authorization` header',
}
