import {answersOf, latestOf} from './answers.js';
import {type IterationPicture} from './run-state.js';
import {type Patience} from './strategy.js';
import {instanceOf, type Turn} from './turn.js';

/**
Whether enough have answered in the present iteration for the rest to be let go.
*/
export function isQuorumMet(
	turn: Turn,
	{quorum, isOneOfEach = false}: Patience,
): boolean {
	const iteration = turn.run.iterations.at(-1);

	if (quorum === undefined || !iteration) {
		return false;
	}

	const answered = answersOf(iteration)
		.filter(({state, isLeftOut}) => state === 'answered' && !isLeftOut)
		.map(({start}) => start.speaker);

	return (
		answered.length >= quorum &&
		!(isOneOfEach && isMissed(turn, iteration, answered))
	);
}

/**
Whether somebody still speaks for whose provider nobody has answered.
*/
function isMissed(
	turn: Turn,
	iteration: IterationPicture,
	answered: readonly string[],
): boolean {
	const providerOf = (id: string) =>
		turn.models.get(instanceOf(turn, id).model)!.id.split('/', 1)[0];
	const heard = new Set(answered.map(id => providerOf(id)));

	return iteration.instances.some(
		id =>
			(latestOf(iteration, id)?.outcome ?? null) === null &&
			!heard.has(providerOf(id)),
	);
}
