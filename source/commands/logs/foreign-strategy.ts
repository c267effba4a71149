type Given = Readonly<Record<string, unknown>>;
type Note = (sentence: string) => void;

/**
The parameters of a strategy of the Python plug-in as ours of that name has them; what has no likeness is told.
*/
export function foreignParameters(
	name: string,
	config: Given,
	instances: number,
	note: Note,
): Given {
	const {strategy_params: own} = config;
	const given: Given = typeof own === 'object' && own !== null ? {...own} : {};
	const {taken, params} =
		name === 'semantic'
			? likened(given, config, note)
			: translated(name, given, instances, note);
	const left = Object.keys(given).filter(key => !taken.includes(key));

	if (left.length > 0) {
		note(
			`parameters of its strategy ${name} are not taken over, as nothing here is like them`,
		);
	}

	return params;
}

type Translated = {readonly taken: readonly string[]; readonly params: Given};

function translated(
	name: string,
	given: Given,
	instances: number,
	note: Note,
): Translated {
	switch (name) {
		case 'voting': {
			return {
				taken: ['require_majority', 'fallback_to_all'],
				// As text it was taken to be true there, whatever it said.
				params: {
					rule:
						(given['require_majority'] ?? false) === false
							? 'plurality'
							: 'majority',
				},
			};
		}

		case 'elimination': {
			const share = numberIn(given['eliminate_fraction']) ?? 0;
			const count = numberIn(given['eliminate_count']) ?? 1;
			const least = numberIn(given['keep_minimum']) ?? 2;
			const gone = Math.max(0, share, count / Math.max(1, instances));

			if (count > 0 && count / Math.max(1, instances) >= share) {
				note(
					`it eliminated ${count} at a time: here it is a share of those that are left`,
				);
			}

			return {
				taken: ['eliminate_fraction', 'eliminate_count', 'keep_minimum'],
				params: {
					keep: Number(Math.max(0.01, 1 - gone).toFixed(2)),
					minimum: Math.max(1, Math.floor(least)),
				},
			};
		}

		case 'role': {
			const roles = [given['roles']]
				.flat()
				.filter(
					(each): each is string =>
						typeof each === 'string' && each.trim() !== '',
				)
				// A word alone would be the name of a role of ours.
				.map(each => (/\s/v.test(each.trim()) ? each : `Your role: ${each}.`));

			if (roles.length === 0) {
				note(
					'it gave out roles of its own: here those that are most like them',
				);
			}

			return {
				taken: ['roles'],
				params: {
					roles:
						roles.length === 0
							? ['practitioner', 'skeptic', 'verifier']
							: roles,
					assign: 'in-order',
				},
			};
		}

		default: {
			return {taken: [], params: {}};
		}
	}
}

/**
What the plug-in named beside the parameters says what compares; of that only OpenAI's models are the same here. It knew no way to group but by density, whatever stands there.
*/
function likened(
	given: Given,
	{embedding_backend: backend, embedding_model: model}: Given,
	note: Note,
): Translated {
	const isOurs = backend === 'openai';

	if (!isOurs) {
		note(
			'the embeddings of its strategy semantic are not taken over: answers are compared by their wording, unless semantic.embedding names a model',
		);
	}

	return {
		taken: ['clustering_algorithm', 'eps', 'min_samples'],
		params: {
			method: 'dbscan',
			eps: between(0, numberIn(given['eps']) ?? 0.5, 2),
			minPoints: between(
				1,
				Math.floor(numberIn(given['min_samples']) ?? 2),
				64,
			),
			...(isOurs && {
				embedding: `openai/${typeof model === 'string' && /^\S+$/v.test(model) ? model : 'text-embedding-3-small'}`,
			}),
		},
	};
}

const between = (least: number, value: number, most: number) =>
	Math.min(most, Math.max(least, value));

/**
A number, also where it is written as text; null where it is none.
*/
export function numberIn(value: unknown): number | null {
	const number =
		typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
	// JSON can say -0 and is never written so.
	return typeof number === 'number' && Number.isFinite(number)
		? number + 0
		: null;
}
