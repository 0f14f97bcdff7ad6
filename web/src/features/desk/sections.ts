/** What the console has, and who sees it. The server decides what they may do there. */
export const SECTIONS = [
  { code: 'tickets', to: '/desk', roles: ['support'] },
  { code: 'applications', to: '/desk/applications', roles: ['registrar'] },
  { code: 'referrals', to: '/desk/referrals', roles: ['registrar'] },
  { code: 'imports', to: '/desk/imports', roles: ['registrar'] },
  { code: 'polls', to: '/desk/polls', roles: ['editor'] },
  { code: 'exams', to: '/desk/exams', roles: ['editor'] },
  { code: 'content', to: '/desk/content', roles: ['editor'] },
  { code: 'accounts', to: '/desk/accounts', roles: ['support', 'admin', 'security'] },
  { code: 'deeds', to: '/desk/deeds', roles: ['support', 'admin', 'security'] },
  { code: 'deliveries', to: '/desk/deliveries', roles: ['support'] },
  { code: 'audit', to: '/desk/audit', roles: ['security'] },
  { code: 'systems', to: '/desk/systems', roles: ['admin', 'security'] },
  { code: 'webhooks', to: '/desk/webhooks', roles: ['admin'] },
  { code: 'operations', to: '/desk/operations', roles: ['admin', 'security'] },
] as const

export const sectionsOf = (roles: string[]) =>
  SECTIONS.filter((section) => section.roles.some((role) => roles.includes(role)))
