import {agreementOf, groupFinals} from './agreement.js';
import {type Verdict} from './result.js';
import {canonicalFinal} from './reading/final.js';
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
	}: {readonly answers: readonly CallPicture[]; readonly raw: string},
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
	const {synthesis, confidence, needsIteration, analysis} = parsed;

	return {
		synthesis,
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
Who says the same. Values (numbers, choices, yes or no, JSON) speak for themselves when every answer ends in one: equal ones agree and others do not, whatever the arbiter says. For prose the arbiter's groups count, since equal wording is not equal meaning; where it named none, equal final lines.
*/
export function agreementAmong(
	answers: readonly CallPicture[],
	named: ReadonlyArray<readonly string[]>,
): {groups: ReadonlyArray<readonly string[]>; agreement: number | null} {
	const finals = answers.map(({start, outcome}) => ({
		id: start.speaker,
		final: outcome?.final ?? null,
	}));
	const areAllValues = finals.every(
		({final}) => final !== null && !canonicalFinal(final).startsWith('text:'),
	);
	const groups =
		named.length > 0 && !areAllValues ? named : groupFinals(finals);

	return {
		groups,
		agreement: agreementOf(
			groups,
			finals.map(({id}) => id),
		),
	};
}
