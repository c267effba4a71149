import {countOpenDoubts, openDoubts} from '../../store/backfill/doubts.js';
import {sidesOf, type RunSide} from '../../store/backfill/doubt-sides.js';
import {sureScore} from '../../store/backfill/evidence.js';
import {besideAnswer} from '../../store/backfill/missing.js';
import {
	type Doubt,
	type Evidence,
	type FoundRole,
} from '../../store/backfill/found.js';
import {type DoubtEntry, type ProposalEntry} from '../../ui/log-entries.js';
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

/**
What the want of it speaks against. The others may be wanting because nothing is known.
*/
const againstWords: Partial<Record<Evidence, string>> = {
	text: 'no text is known of the run that is the same',
	question: 'it was not asked the question of the run',
	time: 'it was not made while the run went on',
	form: 'a person may have typed its prompt',
};

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
					reason: reasonOf(doubt),
					response,
					proposals: doubt.proposals.map(proposal => ({
						runId: proposal.runId,
						role: roleWords[proposal.role],
						iteration: proposal.iteration,
						instance: proposal.instance,
						evidence: proposal.evidence.map(each => evidenceWords[each]),
						score: proposal.score,
						run: runBeside(proposal.role, runs.get(proposal.runId)),
					})),
				};
			},
		),
		open: countOpenDoubts(open),
	}));

	return page ?? {entries: [], open: 0};
}

/**
Of a place that is not certain, how much is wanting, and what speaks for it and against it; else as it was found.
*/
function reasonOf({kind, reason, proposals}: Doubt): string {
	const [proposal] = proposals;

	if (kind !== 'weak' || !proposal) {
		return reason;
	}

	const {evidence, score} = proposal;
	const speaksFor = evidence.map(each => evidenceWords[each]).join('; ');
	const speaksAgainst = Object.entries(againstWords)
		.filter(([each]) => !evidence.includes(each as Evidence))
		.map(([, words]) => words)
		.join('; ');

	return [
		`Not certain (${score} of the ${sureScore} points that are needed)`,
		...(speaksFor === '' ? [] : [`: ${speaksFor}`]),
		...(speaksAgainst === '' ? [] : [`; against it: ${speaksAgainst}`]),
		'.',
	].join('');
}

function runBeside(
	role: FoundRole,
	run: RunSide | undefined,
): ProposalEntry['run'] {
	return run && role === 'member'
		? {...run, problems: run.problems.map(each => besideAnswer(each))}
		: (run ?? null);
}
