import {choiceIn, listIn, objectWith, textIn} from './checks.js';
import {type Derived} from './derive.js';
import {type RunState} from './run-state.js';
import {UserError} from './user-error.js';

/**
What a run is made from. `rearbitrate` lets the arbiter judge the answers once more; `retry` asks the instances in `redo` again, each as another model where one is named; `resume` goes on with a run that was broken off, cancelled or limited, which asks only for what is missing.
*/
export type DerivedConfig = Pick<Derived, 'kind' | 'run'> & {
	readonly redo?: ReadonlyArray<{
		readonly instance: string;
		readonly model?: string | null;
	}>;
};

/**
What a run is made from, as a program writes it.

@throws UserError for anything that is not allowed.
*/
export function readDerived(value: unknown): Derived {
	const {
		kind,
		run,
		redo = [],
	} = objectWith(value, 'from', ['kind', 'run', 'redo']);

	if (!isPicture(run)) {
		throw new UserError(
			'from.run is no picture of a run.',
			'Pass what `emptyRun()` returned, with every event of the run put in by `foldRun`.',
		);
	}

	return {
		kind: choiceIn(kind, 'from.kind', ['retry', 'rearbitrate', 'resume']),
		run,
		redo: listIn(redo, 'from.redo').map((each, index) => {
			const name = `from.redo[${index}]`;
			const {instance, model = null} = objectWith(each, name, [
				'instance',
				'model',
			]);

			return {
				instance: textIn(instance, `${name}.instance`),
				model: model === null ? null : textIn(model, `${name}.model`),
			};
		}),
	};
}

/**
Whether it is what `foldRun` makes.
*/
export function isPicture(value: unknown): value is RunState {
	return (
		typeof value === 'object' &&
		value !== null &&
		'calls' in value &&
		value.calls instanceof Map &&
		'iterations' in value &&
		Array.isArray(value.iterations)
	);
}
