import {agreementOf, basisOf, finalsOf, groupFinals} from './agreement.js';
import {type Verdict} from './result.js';
import {answerOf, type AskedMethod} from './judging/replies.js';
import {type CallPicture} from './run-state.js';
import {type ParsedVerdict} from './reading/verdict.js';

type Labels = Readonly<Record<string, string>>;

/**
An arbiter's words with its labels read back as instances. A label that was never issued is dropped and named among the problems.
*/
export function verdictFrom(
	parsed: ParsedVerdict,
	labels: Labels,
	{
		answers,
		raw,
		method,
	}: {
		readonly answers: readonly CallPicture[];
		readonly raw: string;
		readonly method: AskedMethod;
	},
): Verdict {
	const unknown = new Set<string>();

	const instancesFor = (given: readonly string[]) =>
		given.flatMap(label => {
			const instance = labels[label];

			if (instance === undefined) {
				unknown.add(label);
				return [];
			}

			return instance;
		});

	const listsFor = (lists: ReadonlyArray<readonly string[]>) =>
		lists.map(list => instancesFor(list)).filter(list => list.length > 0);

	const named = listsFor(parsed.groups);
	const dissent = parsed.dissent.map(({text, who}) => ({
		text,
		who: instancesFor(who),
	}));
	const ranking = listsFor(parsed.ranking);
	const {groups, agreement} = agreementAmong(answers, named);
	const {confidence, needsIteration, analysis} = parsed;

	return {
		method,
		madeOf: [],
		synthesis: answerOf(parsed.synthesis, method, {ranking, answers}),
		confidence,
		needsIteration,
		analysis,
		dissent,
		refinementAreas: parsed.refinementAreas,
		ranking,
		groups,
		agreement,
		problems: [
			...parsed.problems,
			...[...unknown].map(
				label => `The arbiter named the label ${label}, which no answer has.`,
			),
		],
		raw,
	};
}

/**
Who says the same, and how many of all that is. Where neither values nor the arbiter tell, equal final lines do.
*/
function agreementAmong(
	answers: readonly CallPicture[],
	named: ReadonlyArray<readonly string[]>,
): {groups: ReadonlyArray<readonly string[]>; agreement: number | null} {
	const finals = finalsOf(answers);
	const groups =
		basisOf(finals, named) === 'arbiter' ? named : groupFinals(finals);

	return {
		groups,
		agreement: agreementOf(
			groups,
			finals.map(({id}) => id),
		),
	};
}
