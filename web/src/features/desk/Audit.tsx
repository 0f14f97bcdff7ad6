import { Button, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { download } from '../../api/download'
import { moment } from '../../ui/dates'
import { Listing } from '../../ui/Listing'
import { Page } from '../../ui/Page'
import { Records } from '../../ui/Records'
import { Trouble } from '../../ui/Trouble'
import { useListing } from '../../ui/useListing'
import { exportPath, type Filters, loadAudit, type Recording } from './audit'
import { AuditFilters } from './AuditFilters'

/** Who did what, to whom, when, on which ground: the newest first, and as a file. */
export function Audit() {
  const { t } = useTranslation('desk')
  const filters = useSearch({ strict: false }) as Filters
  const listed = useListing(['desk-audit', filters], (cursor) => loadAudit(filters, cursor))
  const save = useMutation({ mutationFn: () => download(exportPath(filters), 'audit.csv') })
  return (
    <Page title={t('section.audit')} wide>
      <AuditFilters key={JSON.stringify(filters)} filters={filters} />
      <Button variant="light" w="fit-content" loading={save.isPending} onClick={() => save.mutate()}>
        {t('audit-export')}
      </Button>
      {save.isError && <Trouble error={save.error} />}
      {save.isSuccess && <Text role="status">{t('audit-exported')}</Text>}
      <Listing listed={listed} empty={t('audit-empty')}>
        {(items) => <Table items={items} />}
      </Listing>
    </Page>
  )
}

function Table({ items }: { items: Recording[] }) {
  const { t } = useTranslation('desk')
  return (
    <Records
      caption={t('audit-caption')}
      rows={items}
      keyOf={(one) => one.id}
      columns={[
        { name: t('when'), cell: (one) => <time dateTime={one.at}>{moment(one.at)}</time> },
        { name: t('what'), cell: (one) => t(`audit.${one.act}`, one.act) },
        { name: t('by'), cell: (one) => <Who id={one.by} nobody={t('by-system')} param="by" /> },
        {
          name: t('whose'),
          cell: (one) => <Who id={one.account_id} nobody="—" param="account_id" />,
        },
        { name: t('on-ground'), cell: (one) => <Ground one={one} /> },
      ]}
    />
  )
}

/** The record holds no names: an account is known by the beginning of its number, which narrows the list. */
function Who({ id, nobody, param }: { id: string | null; nobody: string; param: string }) {
  if (id === null) return nobody
  return (
    <Link to="/desk/audit" search={{ [param]: id } as never} title={id}>
      {id.slice(-8)}
    </Link>
  )
}

function Ground({ one }: { one: Recording }) {
  const { t } = useTranslation('desk')
  const details = Object.entries(one.details).map(([name, value]) => `${name}: ${value}`)
  const said = [one.ticket, one.proof && t(`check.${one.proof}`, one.proof), one.reason, ...details].filter(
    Boolean,
  )
  return said.length ? said.join(' · ') : '—'
}
