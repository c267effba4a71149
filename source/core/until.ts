import {closest} from './closest.js';
import {type Observation, type ObservationRequest} from './observation.js';
import {readConfidence} from './reading/confidence.js';
import {type VerdictResult} from './result.js';
import {type RunState} from './run-state.js';
import {UserError} from './user-error.js';

const kinds = ['contains', 'regex', 'agreement', 'confidence', 'command'];

/**
A condition that ends a run, as it was written. The text of `command` is given to a shell; that of `regex` is a regular expression.
*/
export type Until = {readonly written: string} & (
	| {readonly kind: 'contains' | 'command' | 'regex'; readonly text: string}
	| {readonly kind: 'agreement' | 'confidence'; readonly least: number}
);

const howTo =
	"Write 'contains:TEXT', 'regex:PATTERN', 'agreement>=0.9', 'confidence>=0.9' or 'command:LINE'.";

/**
Read a condition.

@throws UserError for what is none, a pattern that is not valid, and a number that is not from 0 to 1.
*/
export function untilIn(written: string): Until {
	const compared = /^(agreement|confidence)\s*>=\s*(\S+)$/v.exec(
		written.trim(),
	);

	if (compared) {
		const least = readConfidence(compared[2]!);

		// 9 could be meant as a tenth, a percent or a slip.
		if (/^\d+(?:\.\d+)?$/v.test(compared[2]!) && Number(compared[2]) > 1) {
			throw new UserError(
				`"${written}" compares with "${compared[2]}", which is above 1 and has no percent sign.`,
				least === null
					? 'For example: agreement>=0.9'
					: `Write ${compared[1]}>=${least} or ${compared[1]}>=${compared[2]}%.`,
			);
		}

		if (least === null) {
			throw new UserError(
				`"${written}" compares with "${compared[2]}", which is no number from 0 to 1.`,
				'For example: agreement>=0.9',
			);
		}

		return {
			written,
			kind: compared[1] as 'agreement' | 'confidence',
			least,
		};
	}

	const [, kind = '', text = ''] = /^\s*([a-z]+):([^]*)$/v.exec(written) ?? [];

	if (
		(kind !== 'contains' && kind !== 'regex' && kind !== 'command') ||
		text.trim() === '' ||
		text.includes('\0')
	) {
		throw new UserError(
			`"${written}" is no condition to run until.`,
			correctedIn(written) ??
				`${howTo}${closest(/^\s*[a-z]*/v.exec(written)![0].trim(), kinds)}`,
		);
	}

	if (kind === 'command') {
		// What is confirmed is what a person sees of it.
		if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/v.test(text.trim())) {
			throw new UserError(
				`The command in ${JSON.stringify(written)} has characters that cannot be seen.`,
				'Write it on one line, or put it into a script and name that.',
			);
		}

		return {written, kind, text: text.trim()};
	}

	if (kind === 'contains') {
		return {written, kind, text};
	}

	try {
		patternIn(text);
		return {written, kind, text};
	} catch (error) {
		throw new UserError(
			`"${text}" is no regular expression: ${error instanceof Error ? error.message : String(error)}.`,
			'Write it as JavaScript does, without slashes.',
			{cause: error},
		);
	}
}

/**
How a condition is written that was probably meant, with another sign, in another case or with a text; null where nothing is close.
*/
function correctedIn(written: string): string | null {
	const [, kind, rest] =
		/^\s*(agreement|confidence)\s*(?:=>|==|[>=:≥])\s*([\d.]+%?)\s*$/iv.exec(
			written,
		) ?? [];
	const [, bare] = /^\s*(contains|regex|command):\s*$/iv.exec(written) ?? [];

	return kind && rest
		? `Write '${kind.toLowerCase()}>=${rest}'.`
		: bare
			? `Write '${bare.toLowerCase()}:${{contains: 'TEXT', regex: 'PATTERN', command: 'LINE'}[bare.toLowerCase()]}', with what it looks for behind the colon.`
			: null;
}

/**
@throws SyntaxError
*/
const patternIn = (text: string) => new RegExp(text, 'v');

/**
Whether a verdict meets the conditions, what has to be found out first, or why that cannot be found out, in a sentence. Those that cost nothing are looked at before, since a command of the person's own may take long. `unmet` are those that are known not to be met.
*/
export function meets(
	run: RunState,
	verdict: VerdictResult,
	conditions: readonly Until[],
):
	| {readonly unmet: readonly Until[]}
	| {readonly observe: ObservationRequest}
	| {readonly problem: string} {
	const looked = conditions.map(condition => ({
		condition,
		is: isMet(verdict, condition),
	}));
	const unmet = looked.filter(({is}) => is === false);
	const asked = looked
		.filter(({is}) => is === null)
		.toSorted((left, right) => costOf(left.condition) - costOf(right.condition))
		.map(({condition}) => condition);

	if (unmet.length > 0) {
		return {unmet: unmet.map(({condition}) => condition)};
	}

	for (const condition of asked) {
		const found = foundIn(run, condition);

		if (!found) {
			return {observe: requestFor(condition, verdict.synthesis ?? '')};
		}

		if (found.problem !== null) {
			return {problem: `${condition.written}: ${found.problem}`};
		}

		if (!found.isMet) {
			return {unmet: [condition]};
		}
	}

	return {unmet: []};
}

/**
Null where only the outside can tell.
*/
function isMet(
	{synthesis, agreement, confidence}: VerdictResult,
	condition: Until,
): boolean | null {
	switch (condition.kind) {
		case 'contains': {
			// The same letter can be written in two ways.
			return (synthesis ?? '').normalize().includes(condition.text.normalize());
		}

		case 'agreement': {
			return (agreement ?? -1) >= condition.least;
		}

		case 'confidence': {
			return (confidence ?? -1) >= condition.least;
		}

		case 'regex':
		case 'command': {
			return null;
		}
	}
}

const costOf = ({kind}: Until) => (kind === 'command' ? 1 : 0);

type Outer = Extract<Until, {readonly text: string}>;

function requestFor(condition: Until, answer: string): ObservationRequest {
	const {kind, text} = condition as Outer;

	return kind === 'command'
		? {kind, command: text, answer}
		: {kind: 'regex', pattern: text, answer};
}

/**
What was found out about the answer of the present iteration; undefined when it was not asked for yet.
*/
function foundIn(
	{iterations, observations}: RunState,
	condition: Until,
): Extract<Observation, {readonly isMet: boolean}> | undefined {
	const {kind, text} = condition as Outer;

	return observations
		.filter(({iteration}) => iteration === iterations.length)
		.map(({observation}) => observation)
		.filter(observation => observation.kind !== 'similarity')
		.findLast(
			observation =>
				observation.kind === kind &&
				(observation.kind === 'command'
					? observation.command
					: observation.pattern) === text,
		);
}
