import {closest} from '../core/closest.js';
import {type ModelOptions} from '../core/model.js';
import {knownModels} from './catalog.js';
import {wireNames} from './options.js';
import {ownOptions} from './refusals.js';
import {providerOf} from './resolve.js';

const wireOptions = new Set(
	Object.values(wireNames).flatMap(names => Object.values(names)),
);

/**
What looks mistyped in a model's name and its options, a sentence each; `also` can be meant beside the options. They are sent as they are: servers know more models and options than we do.
*/
export function slipsIn(
	id: string,
	options: ModelOptions,
	also: readonly string[] = [],
): string[] {
	const provider = providerOf(id);
	const name = id.slice(id.indexOf('/') + 1);
	const models = knownModels
		.filter(
			each =>
				each.provider === provider && digitsOf(each.model) === digitsOf(name),
		)
		.map(({model}) => model);
	const strange = Object.keys(options).filter(
		key => !ownOptions.includes(key) && !wireOptions.has(key),
	);

	return [
		models.includes(name) ? '' : about(`The model ${id}`, name, models),
		...strange.map(key =>
			about(`The option ${key} of ${id}`, key, [...also, ...ownOptions]),
		),
	].filter(sentence => sentence !== '');
}

/**
Another number is another model, and no slip.
*/
const digitsOf = (name: string) => name.replaceAll(/\D/g, '');

function about(what: string, name: string, known: readonly string[]): string {
	const near = closest(name, known);
	return near === '' ? '' : `${what} is not one we know.${near}`;
}
