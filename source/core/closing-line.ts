import {type Note, type Strategy, type StrategyContext} from './strategy.js';

/**
The same strategy where the run speaks in another one: its synthesis is then to end as the answers of members do, so that it has a value to be compared with theirs. Answers that are given word for word have one already.
*/
export function withClosingLine(
	strategy: Strategy,
	{consortium: {judging}}: Pick<StrategyContext, 'consortium'>,
): Strategy {
	return judging === 'synthesis' || judging === 'panel'
		? {
				...strategy,
				next: run =>
					strategy.next({...run, notes: [...(run.notes ?? []), note]}),
			}
		: strategy;
}

const note: Note = () =>
	'The synthesis is compared with the answers of others elsewhere. Let it end, within its section, with a line of this form, or leave that line out when the question has no such answer: <final>its answer in one line: a value, a choice, a name, or a sentence</final>';
