import {type SavedConsortium} from '../core/consortium.js';
import {load} from './load.js';
import {type Request} from './requests.js';
import {tell} from './runner.js';
import {type Surroundings} from './surroundings.js';
import {adopt} from './adopt.js';

type RequestOf<Type extends Request['type']> = Extract<
	Request,
	{readonly type: Type}
>;

/**
Change which consortium is used, or what is saved.

@throws UserError with a sentence for the person.
*/
export async function configure(
	request: RequestOf<
		'switch' | 'use' | 'save' | 'remove' | 'make-default' | 'set' | 'store-key'
	>,
	surroundings: Surroundings,
): Promise<void> {
	const {services, store, runner} = surroundings;

	switch (request.type) {
		case 'switch': {
			const {choice} = request;
			const {consortium} = choice;
			await adopt(
				choice,
				`Now: ${consortium.name}. ${runner.onSwitch(consortium)}`.trim(),
				surroundings,
			);
			break;
		}

		case 'use': {
			store.dispatch({type: 'chose', choice: request.choice});
			tell(store, request.notice);
			break;
		}

		case 'save': {
			await save(request, surroundings);
			break;
		}

		case 'remove': {
			await services.removeConsortium(request.name);
			await load({kind: 'consortiums'}, surroundings);
			tell(store, `Removed ${request.name}.`);
			break;
		}

		case 'make-default': {
			await services.makeDefault(request.name);
			await load({kind: 'consortiums'}, surroundings);
			tell(store, `${request.name} is the default now.`);
			break;
		}

		case 'set': {
			const {key, value} = request;
			const {choice} = store.state();

			if (choice) {
				const consortium = await services.changed(
					choice.consortium,
					key,
					value,
				);
				await adopt(
					{kind: 'changed', consortium, isDefault: false},
					`${key} is ${value} now. /save keeps it; switching drops it. ${runner.onChange(consortium)}`.trim(),
					surroundings,
				);
			}

			break;
		}

		case 'store-key': {
			await services.storeKey(request.provider, request.key);
			const stored = `The key of ${request.provider} is stored.`;

			// Whoever had nothing but the demo can ask real models now.
			if (store.state().isKeyless) {
				const {choice} = await services.open();
				store.dispatch({type: 'chose', choice});
			}

			const name = store.state().choice?.consortium.name;
			tell(
				store,
				name === undefined ? stored : `${stored} Now: ${name}.`,
				'good',
			);

			break;
		}
	}
}

async function save(
	{consortium, replaces}: RequestOf<'save'>,
	surroundings: Surroundings,
): Promise<void> {
	const {services, store, runner} = surroundings;
	await services.saveConsortium(consortium, replaces);
	await load({kind: 'consortiums'}, surroundings);
	const {choice, choices} = store.state();
	const inUse = choice?.consortium.name;
	const saved = choices.find(each => each.consortium.name === consortium.name);

	// What is in use stays in use, as it is saved now; so does what was in use without being saved.
	if (
		saved &&
		(inUse === consortium.name ||
			inUse === replaces ||
			isSameButName(choice?.consortium, consortium))
	) {
		await adopt(
			saved,
			`Saved and in use: ${consortium.name}. ${runner.onChange(consortium)}`.trim(),
			surroundings,
		);
	} else {
		tell(store, `Saved ${consortium.name}.`, 'good');
	}
}

const isSameButName = (
	inUse: SavedConsortium | undefined,
	consortium: SavedConsortium,
) =>
	inUse !== undefined &&
	JSON.stringify({...inUse, name: ''}) ===
		JSON.stringify({...consortium, name: ''});
