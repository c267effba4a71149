import {countOpenDoubts, openDoubts} from '../../store/backfill/doubts.js';
import {sidesOf} from '../../store/backfill/doubt-sides.js';
import {type Evidence, type FoundRole} from '../../store/backfill/found.js';
import {type DoubtEntry} from '../../ui/log-entries.js';
import {type SessionLog} from './session-log.js';

const pageSize = 50;

const evidenceWords = {
	recorded: 'it is as its program recorded it',
	named: 'the result of the run names it',
	text: 'its text is the one that the result or the arbiter has there',
	question: 'it was asked the question of the run',
	time: 'it was made while the run went on',
	model: 'the run asked this model',
	form: 'it is written in the form of this role',
	next: 'it is its neighbour in the log',
} as const satisfies Record<Evidence, string>;

const roleWords = {
	output: 'answer of the run',
	member: 'member',
	arbiter: 'arbiter',
} as const satisfies Record<FoundRole, string>;

/**
What waits for a decision, in words, after one of them; and how many there are in all.

@throws UserError when the log is damaged.
*/
export async function doubtPage(
	log: SessionLog,
	after: string | null,
): Promise<{readonly entries: readonly DoubtEntry[]; readonly open: number}> {
	const page = await log.read(async open => ({
		entries: openDoubts(open, {limit: pageSize, after: after ?? ''}).map(
			(doubt): DoubtEntry => {
				const {response, runs} = sidesOf(open, doubt);

				return {
					id: doubt.id,
					reason: doubt.reason,
					response,
					proposals: doubt.proposals.map(proposal => ({
						runId: proposal.runId,
						role: roleWords[proposal.role],
						iteration: proposal.iteration,
						instance: proposal.instance,
						evidence: proposal.evidence.map(each => evidenceWords[each]),
						score: proposal.score,
						run: runs.get(proposal.runId) ?? null,
					})),
				};
			},
		),
		open: countOpenDoubts(open),
	}));

	return page ?? {entries: [], open: 0};
}
