import {type RunEventBody} from './events.js';
import {type CallOutcome} from './result.js';
import {giveBack, type Granted} from './member-call.js';
import {type Message} from './model.js';
import {
	isVerdict,
	missingSections,
	purposes,
	repaired,
} from './judging/replies.js';
import {degradingProblems} from './problems.js';
import {fill} from './template.js';
import {
	callArbiter,
	grantFor,
	answersWeighed,
	type Ask,
	type AskedJudge,
	type Reply,
} from './arbiter-request.js';
import {type Turn} from './turn.js';
import {isBrokenOff} from './resume.js';
import {
	parseVerdict,
	type ParsedVerdict,
	type SectionName,
} from './reading/verdict.js';
import {verdictFrom} from './weigh.js';

/**
Let one arbiter weigh the answers. What it leaves out, or garbles, it is asked for once more; then its words count as they are. No verdict comes of an arbiter that said nothing.
*/
export async function* askArbiter(
	turn: Turn,
	judge: AskedJudge,
	iteration: number,
	granted: Granted,
): AsyncGenerator<RunEventBody, void, void> {
	const {method} = judge;
	const purpose = purposes[method];
	const message: Message = {role: 'user', parts: judge.brief.message};
	const first =
		saidBefore(turn, judge, purpose) ??
		(yield* callArbiter(turn, {
			judge,
			iteration,
			purpose,
			messages: [message],
			extends: null,
			granted,
		}));
	giveBack(turn, granted.callId);

	if (['failed', 'refused', 'cancelled'].includes(first.outcome.state)) {
		return;
	}

	let raw = first.outcome.text;
	let parsed = parseVerdict(raw, unasked[method]);
	let {callId} = first;
	const missing = missingSections(parsed, method, turn.consortium);

	const {text, native} = first.outcome;
	const isEmpty = text.trim() === '';
	const again: readonly Message[] = isEmpty
		? [message]
		: [
				message,
				{role: 'assistant', text, native},
				{
					role: 'user',
					parts: [fill(turn.templates.repair, {missing: missing.join('\n')})],
				},
			];
	const saidAgain = saidBefore(turn, judge, 'repair');
	const grant =
		missing.length > 0 && !saidAgain && !turn.signal.aborted
			? grantFor(turn, judge, again)
			: null;

	if (missing.length > 0 && (saidAgain ?? grant)) {
		const second =
			saidAgain ??
			(yield* callArbiter(turn, {
				judge,
				iteration,
				purpose: 'repair',
				messages: again,
				extends: isEmpty ? null : first.callId,
				granted: grant!,
			}));

		if (isEmpty) {
			raw = second.outcome.text;
			parsed = parseVerdict(raw, unasked[method]);
			callId = second.callId;
		} else {
			parsed = repaired(parsed, parseVerdict(second.outcome.text));
			raw = `${raw}\n\n${second.outcome.text}`.trim();
		}
	}

	const {labels} = judge.brief;
	const verdict = verdictFrom(
		withFallbacks(parsed, method, first.outcome),
		labels,
		{answers: answersWeighed(turn.run, labels), raw, method},
	);

	if (!isVerdict(parsed, verdict.ranking, method) || turn.signal.aborted) {
		return;
	}

	yield {
		type: 'verdict',
		iteration,
		arbiter: judge.arbiter,
		callId,
		labels,
		verdict,
	};
}

/**
What an arbiter said to this brief before the run was resumed, when it never became a verdict.
*/
export function saidBefore(
	{run}: Turn,
	{arbiter, brief}: AskedJudge,
	purpose: Ask['purpose'],
): Reply | null {
	const {calls, verdicts} = run.iterations.at(-1)!;
	const call = calls.findLast(
		({start, outcome}) =>
			start.speaker === arbiter &&
			start.purpose === purpose &&
			JSON.stringify(start.labels) === JSON.stringify(brief.labels) &&
			outcome !== null &&
			!isBrokenOff(outcome) &&
			verdicts.every(({callId}) => callId !== start.callId),
	);

	return call?.outcome
		? {callId: call.start.callId, outcome: call.outcome}
		: null;
}

function withFallbacks(
	parsed: ParsedVerdict,
	method: AskedJudge['method'],
	{state}: CallOutcome,
): ParsedVerdict {
	const fallbacks = [
		method !== 'synthesis' || parsed.hasSynthesisSection
			? null
			: degradingProblems.noSynthesis,
		state === 'truncated' ? degradingProblems.cutOff : null,
		state === 'stopped' ? degradingProblems.stopped : null,
	].filter(problem => problem !== null);

	return {...parsed, problems: [...parsed.problems, ...fallbacks]};
}

/**
What the instructions of each way of judging do not ask for.
*/
const unasked: Readonly<Record<AskedJudge['method'], readonly SectionName[]>> =
	{
		synthesis: [],
		rank: ['synthesis'],
		pick: ['synthesis', 'groups'],
		review: [
			'synthesis',
			'groups',
			'dissent',
			'needsiteration',
			'refinementareas',
		],
	};
