import {
	basisOf,
	finalsOf,
	groupFinals,
	type Basis,
	type Final,
} from '../agreement.js';
import {answersOf, isUsable} from '../answers.js';
import {parseVerdict} from '../reading/verdict.js';
import {type CallPicture, type IterationPicture} from '../run-state.js';
import {groupWordings} from '../similarity.js';
import {type StrategyContext} from '../strategy.js';
import {
	confidenceWeights,
	countVotes,
	type Party,
	type Voter,
} from '../votes.js';

/**
How an iteration voted: the parties, the heaviest first, and what tells who says the same.
*/
export type Count = {
	readonly answers: readonly CallPicture[];
	readonly finals: readonly Final[];
	readonly by: Basis;
	readonly parties: readonly Party[];
};

/**
Count the answers of an iteration that are whole; those that failed, said nothing, were cut off, stopped or left out do not vote.
*/
export function countIn(
	iteration: IterationPicture,
	{instances}: Pick<StrategyContext, 'instances'>,
	isByConfidence = false,
): Count {
	const answers = answersOf(iteration).filter(
		call => isUsable(call) && call.state === 'answered',
	);
	const finals = finalsOf(answers);
	const named = namedGroups(iteration);
	const by = basisOf(finals, named);
	const confidence = confidenceWeights(
		answers.map(({outcome}) => outcome?.confidence ?? null),
	);
	const voters = answers.map(({start}, index) => ({
		id: start.speaker,
		model: start.model,
		weight:
			weightOf(start.speaker, instances) *
			(isByConfidence ? confidence[index]! : 1),
	}));

	return {
		answers,
		finals,
		by,
		parties: countVotes(groupsBy(by, finals, named), voters),
	};
}

/**
Instances that have not voted, as they would.
*/
export function votersOf(
	ids: readonly string[],
	{instances}: Pick<StrategyContext, 'instances'>,
): Voter[] {
	return instances
		.filter(({id}) => ids.includes(id))
		.map(({id, model, weight}) => ({id, model, weight}));
}

/**
What a party says, as its first member wrote it; null for prose without a closing line.
*/
export function finalOf(
	{finals}: Pick<Count, 'finals'>,
	{voters}: Party,
): string | null {
	return finals.find(({id}) => id === voters[0]?.id)?.final ?? null;
}

function weightOf(
	speaker: string,
	instances: StrategyContext['instances'],
): number {
	return instances.find(({id}) => id === speaker)?.weight ?? 1;
}

function groupsBy(
	by: Basis,
	finals: readonly Final[],
	named: ReadonlyArray<readonly string[]>,
): ReadonlyArray<readonly string[]> {
	switch (by) {
		case 'value': {
			return groupFinals(finals);
		}

		case 'arbiter': {
			return named;
		}

		case 'wording': {
			return groupWordings(
				finals.flatMap(({id, final}) =>
					final === null ? [] : [{id, text: final}],
				),
			);
		}
	}
}

/**
The groups that the arbiter named itself in the verdict that counts; a verdict has some also where it named none. Of a panel they are those of the arbiter whose words it took.
*/
function namedGroups({
	verdicts,
}: IterationPicture): ReadonlyArray<readonly string[]> {
	const last = verdicts.at(-1);
	const hasNamed = verdicts.some(
		({callId, raw}) =>
			callId === last?.callId && parseVerdict(raw).groups.length > 0,
	);

	return hasNamed ? last!.groups : [];
}
