import { Button, Group, Skeleton, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../../api/problem'
import { Clash } from '../../ui/Clash'
import { Form } from '../../ui/Form'
import { fullName } from '../../ui/names'
import { Page } from '../../ui/Page'
import { Trouble } from '../../ui/Trouble'
import { useDraft } from '../../ui/useDraft'
import { useSubmit } from '../../ui/useSubmit'
import { Back } from './Back'
import { asValues, changes, FIELDS, type Values } from './fields'
import { correct, type Staff, useRoll } from './roll'
import { StaffFields } from './StaffFields'

/** Corrects a record of the roll. */
export function Correct() {
  const { t } = useTranslation('staff')
  const { staff: id } = useParams({ strict: false }) as { staff: string }
  const roll = useRoll()
  const member = roll.members.find(({ staff_id }) => staff_id === id)
  return (
    <Page title={t('correct-title')} narrow>
      <Back to={`/staff/${id}`}>{member ? fullName(member) : t('person')}</Back>
      {roll.error && <Trouble error={roll.error} again={roll.again} />}
      {roll.isPending && !roll.error && <Skeleton h={480} />}
      {member && <Fill key={id} opened={member} roll={roll} />}
      {!member && !roll.isPending && !roll.error && <Text role="status">{t('person-gone')}</Text>}
    </Page>
  )
}

function Fill({ opened, roll }: { opened: Staff; roll: ReturnType<typeof useRoll> }) {
  const { t } = useTranslation(['staff', 'ui'])
  const navigate = useNavigate()
  const read = useRef(opened) // what the person has seen, and edits
  const [theirs, setTheirs] = useState<Staff | null>(null)
  const filled = (value: string) => (value.trim() ? null : t('ui:required'))
  const form = useForm({
    initialValues: asValues(opened),
    validate: { last_name: filled, first_name: filled, post: filled },
  })
  const draft = useDraft(`staff-${opened.staff_id}-${opened.version}`, form)
  const { submit, busy, error } = useSubmit(form, async (values) => {
    const body = changes(values, asValues(read.current))
    try {
      if (Object.keys(body).length > 0) await correct(read.current, body)
    } catch (refusal) {
      const stale = refusal instanceof Refused && refusal.problem.status === 412
      const now = stale ? await roll.readAnew(opened.staff_id) : undefined
      if (!now) throw refusal
      return setTheirs(now)
    }
    draft.drop()
    roll.settle()
    await navigate({ to: `/staff/${opened.staff_id}` } as never)
  })
  const choose = (values: Values | null) => {
    read.current = theirs!
    setTheirs(null)
    if (values) form.setValues(values)
    else submit()
  }
  return (
    <Form onSubmit={submit}>
      <StaffFields form={form} />
      {theirs && (
        <Clash
          differs={clashing(form.values, theirs).map((field) => ({
            field,
            name: t(`field.${field}`),
            mine: form.values[field],
            theirs: asValues(theirs)[field],
          }))}
          busy={busy}
          keepMine={() => choose(null)}
          takeTheirs={() => choose(asValues(theirs))}
        />
      )}
      {error ? <Trouble error={error} /> : null}
      {!theirs && (
        <Group>
          <Button type="submit" loading={busy}>
            {t('save')}
          </Button>
          <Button variant="subtle" component={Link} to={`/staff/${opened.staff_id}` as never}>
            {t('ui:cancel')}
          </Button>
        </Group>
      )}
    </Form>
  )
}

const clashing = (values: Values, theirs: Staff) =>
  FIELDS.filter((field) => values[field].trim() !== asValues(theirs)[field])
