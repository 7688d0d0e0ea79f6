process.env['PORTAL_SECRET'] = 'portal-test-secret-0123456789-abcdefgh'
process.env['SESSION_SECRET'] = 'session-test-secret-0123456789-abcdefg'
