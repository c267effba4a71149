import {createHash} from 'node:crypto';
import {parseVerdict} from '../../core/reading/verdict.js';
import {idAt} from '../id-at.js';
import {scoreOf, sureScore} from './evidence.js';
import {missingText} from './missing.js';
import {
	type Doubt,
	type Evidence,
	type FoundResponse,
	type FoundRun,
	type Proposal,
} from './found.js';
import {isOutput, type PlannedRun, type Search} from './planned-run.js';
import {type Candidate} from './settle.js';

/**
Between the final arbiter and the answer there are seconds; after this many milliseconds it is odd.
*/
const oddGap = 300_000;

/**
The id of a run that has no output: it sorts by its first call, in milliseconds since the Unix epoch, and is the same whenever the same final arbiter is found.
*/
export function runIdOf(startedAt: number, finalArbiterId: string): string {
	const digits = '0123456789abcdefghjkmnpqrstvwxyz';
	const hash = createHash('sha256').update(finalArbiterId).digest();
	return (
		idAt(Math.floor(startedAt)) +
		Array.from(hash.subarray(0, 16), byte => digits[byte % 32]!).join('')
	);
}

export type Reported = {
	/**
	Who asked it is known when all runs are.
	*/
	readonly run: Omit<FoundRun, 'parent'>;

	/**
	What little speaks for.
	*/
	readonly weak: ReadonlyArray<{responseId: string; proposal: Proposal}>;
};

/**
A run as it is told, once its calls have been found; null when a run without an output has nothing that makes it one.
*/
export function reportRun(search: Search, run: PlannedRun): Reported | null {
	const {index} = search;
	const calls = [
		...run.arbiters.map(({candidate}) => candidate),
		...run.members,
	].filter(({row}) => Number.isFinite(index.start(row)));
	const startedAt =
		run.output !== null && Number.isFinite(index.start(run.output))
			? index.start(run.output)
			: Math.min(...calls.map(({row}) => index.start(row)));
	const final = run.arbiters.at(-1);

	if (run.outputId === null && !isRun(run)) {
		return null;
	}

	const id =
		run.outputId ??
		runIdOf(finite(startedAt), idOf(search, final!.candidate.row)!);
	const found = [
		...run.arbiters.map(({candidate}) => candidate),
		...run.members,
	].flatMap(candidate => {
		const responseId = idOf(search, candidate.row);
		return responseId === null ||
			isOutput(search, candidate.row) ||
			index.decided.has(candidate.row)
			? []
			: [{responseId, ...proposalOf(run, candidate, id)}];
	});
	const sure = found.filter(({score}) => score >= sureScore);
	const responses = sure.map(({runId: _, ...response}) => response);

	return {
		run: {
			id,
			outputId: run.outputId,
			recordedId: run.recorded?.consortiumId ?? null,
			consortium: run.output === null ? null : index.model(run.output),
			arbiter:
				run.recorded?.arbiter ??
				(final ? index.model(final.candidate.row) : null),
			prompt: run.question,
			confidence:
				run.recorded?.confidence ??
				(final ? parseVerdict(final.response).confidence : null),
			iterations: Math.max(
				run.recorded?.iterations.length ?? 0,
				run.arbiters.length,
			),
			startedAt: Math.floor(finite(startedAt)),
			durationMs: durationOf(search, run, calls, startedAt),
			responses: [...outputOf(search, run), ...responses],
			problems: problemsOf(search, run),
		},
		weak: found
			.filter(({score}) => score < sureScore)
			.map(({responseId, ...proposal}) => ({responseId, proposal})),
	};
}

const finite = (time: number) => (Number.isFinite(time) ? time : 0);

/**
Somebody may have sent the prompt of an arbiter as a chat: then nobody who answered is there, and no verdict.
*/
function isRun({arbiters, members}: PlannedRun): boolean {
	return (
		members.length > 0 ||
		arbiters.some(({response}) => {
			const {hasSynthesisSection, ranking} = parseVerdict(response);
			return hasSynthesisSection || ranking.length > 0;
		})
	);
}

function idOf({source, index}: Search, row: number): string | null {
	return source.idOf(index.rowid(row));
}

function outputOf({index}: Search, run: PlannedRun): FoundResponse[] {
	if (run.output === null || run.outputId === null) {
		return [];
	}

	const evidence: Evidence[] = [
		...(run.recorded ? (['recorded'] as const) : []),
		'model',
	];

	return index.decided.has(run.output)
		? []
		: [
				{
					responseId: run.outputId,
					role: 'output',
					isArbiterResponse: 0,
					iteration: null,
					instance: null,
					evidence,
					score: scoreOf(evidence),
				},
			];
}

/**
A place that a row may have in the run of this id.
*/
export function proposalOf(
	run: PlannedRun,
	{place, evidence, score}: Candidate,
	runId: string,
): Proposal {
	const isFinal =
		place.iteration ===
		(run.recorded?.iterations.length ??
			run.arbiters.at(-1)?.candidate.place.iteration);

	return {
		runId,
		role: place.role,
		isArbiterResponse: place.role === 'member' ? 0 : isFinal ? 1 : 2,
		iteration: place.iteration,
		instance: place.instance,
		evidence: [...evidence],
		score,
	};
}

function durationOf(
	{index}: Search,
	run: PlannedRun,
	calls: readonly Candidate[],
	startedAt: number,
): number | null {
	return run.output === null
		? Math.round(Math.max(...calls.map(({row}) => index.end(row))) - startedAt)
		: index.durationMs(run.output);
}

function problemsOf({index}: Search, run: PlannedRun): string[] {
	const placed = new Set(
		run.members.filter(({score}) => score >= sureScore).map(({place}) => place),
	);
	const heard = new Set(
		run.arbiters.map(({candidate}) => candidate.place.iteration),
	);
	const members = run.places.filter(
		({role, isNeeded}) => role === 'member' && isNeeded,
	);
	const missing = members.filter(place => !placed.has(place)).length;
	const silent = run.places
		.filter(({role, iteration}) => role === 'arbiter' && !heard.has(iteration))
		.map(({iteration}) => iteration!);
	const final = run.arbiters.at(-1)?.candidate.row;
	const gap =
		run.output === null || final === undefined
			? 0
			: index.start(final) - index.start(run.output);

	return [
		...(missing > 0 ? [missingText(missing)] : []),
		...(silent.length > 0
			? [
					`The arbiter's words of ${silent.length === 1 ? 'iteration' : 'iterations'} ${silent.join(', ')} are not in this log.`,
				]
			: []),
		...(run.undecided > 0
			? [`${run.undecided} of its answers may be those of another run.`]
			: []),
		...(gap > oddGap && index.durationMs(run.output!) === null
			? [
					`Its final arbiter was asked ${Math.round(gap / 60_000)} minutes after it began.`,
				]
			: []),
	];
}

/**
The doubts about a run: what little speaks for, and that nothing at all was found of it.
*/
export function doubtsOf(
	{index}: Search,
	planned: PlannedRun,
	{run, weak}: Reported,
): Doubt[] {
	// What was recorded with a run leaves no doubt that it is one.
	const isLonely =
		planned.output !== null &&
		!index.decided.has(planned.output) &&
		planned.arbiters.length === 0 &&
		planned.members.every(({score}) => score < sureScore) &&
		planned.undecided === 0 &&
		planned.recorded === null;
	const output = run.responses.find(({role}) => role === 'output');

	return [
		...weak.map(({responseId, proposal}) => ({
			id: doubtId('weak', responseId),
			runId: run.id,
			responseId,
			kind: 'weak' as const,
			reason: `Not certain that this answer is ${proposal.role === 'member' ? "a member's" : "the arbiter's"}.`,
			proposals: [proposal],
		})),
		...(isLonely && output
			? [
					{
						id: doubtId('lonely', run.id),
						runId: run.id,
						responseId: run.outputId,
						kind: 'lonely' as const,
						reason:
							'This answer has the name of a consortium, and neither an arbiter nor members are in this log.',
						proposals: [
							{
								runId: run.id,
								role: output.role,
								isArbiterResponse: output.isArbiterResponse,
								iteration: null,
								instance: null,
								evidence: output.evidence,
								score: output.score,
							},
						],
					},
				]
			: []),
	];
}

/**
Whose a response is that several runs have the same claim to.
*/
export function tieOf(responseId: string, proposals: Proposal[]): Doubt {
	return {
		id: doubtId('tie', responseId),
		runId: null,
		responseId,
		kind: 'tie',
		reason: `${proposals.length} runs have the same claim to this answer.`,
		proposals: proposals.toSorted((a, b) =>
			b.score === a.score ? (a.runId < b.runId ? -1 : 1) : b.score - a.score,
		),
	};
}

function doubtId(kind: Doubt['kind'], id: string): string {
	return `${kind}-${createHash('sha256').update(id).digest('hex').slice(0, 26)}`;
}
