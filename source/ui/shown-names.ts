import {type Instance} from '../core/consortium.js';
import {cleaned} from '../text/cleaner.js';
import {type Who} from './run-views.js';

/**
A text as one clean line.
*/
export function lineOf(text: string): string {
	return cleaned(text).replaceAll(/\s+/gv, ' ').trim();
}

/**
A model without its provider, as there is no room for it: `anthropic/claude-opus-5` is `claude-opus-5`.
*/
export function shortModel(model: string): string {
	return lineOf(model.slice(model.lastIndexOf('/') + 1)) || lineOf(model);
}

/**
What each instance is called on the screen, by id: its model, and `#n` where several have the same.
*/
export function shownNames(
	instances: ReadonlyArray<Pick<Instance, 'id' | 'model'>>,
): ReadonlyMap<string, Who> {
	const counts = Map.groupBy(instances, ({model}) => shortModel(model));
	const seen = new Map<string, number>();

	return new Map(
		instances.map(({id, model}, index) => {
			const short = shortModel(model);
			const nth = (seen.get(short) ?? 0) + 1;
			seen.set(short, nth);
			const name = counts.get(short)!.length > 1 ? `${short}#${nth}` : short;
			return [id, {number: index + 1, name}];
		}),
	);
}
