import {type Embedder} from '../core/embedder.js';
import {notObserved, type Observer} from '../core/observation.js';
import {matches} from './match.js';
import {runCommand} from './run-command.js';

/**
Finds out by running commands, matching patterns and asking embedding models. A command is only run when the person has confirmed its very text.
*/
export function createObserver({
	environment,
	isConfirmed,
	embedderFor,
}: {
	/**
	What commands see.
	*/
	readonly environment: Readonly<Record<string, string | undefined>>;
	readonly isConfirmed: (command: string) => boolean;

	/**
	@throws Error with a sentence for a model that makes no embeddings, and a missing key.
	*/
	readonly embedderFor: (model: string) => Promise<Embedder>;
}): Observer {
	return {
		async priceOf(request) {
			if (request.kind !== 'similarity') {
				return 0;
			}

			try {
				const embedder = await embedderFor(request.model);
				return embedder.priceOf(request.answers.map(({text}) => text));
			} catch {
				// Why it cannot be asked is told when it is.
				return 0;
			}
		},
		async observe(request, signal) {
			switch (request.kind) {
				case 'command': {
					const {kind, command, answer} = request;
					return isConfirmed(command)
						? {
								kind,
								command,
								...(await runCommand(command, answer, {environment, signal})),
							}
						: notObserved(request, 'It was not confirmed, and was not run.');
				}

				case 'regex': {
					const {kind, pattern, answer} = request;
					const isMet = matches(pattern, answer);
					return typeof isMet === 'string'
						? notObserved(request, isMet)
						: {kind, pattern, isMet, problem: null};
				}

				case 'similarity': {
					const {kind, model, answers} = request;

					try {
						const embedder = await embedderFor(model);
						const {matrix, problem, costUsd} = await embedder.compare(
							answers.map(({text}) => text),
							signal,
						);
						return {
							kind,
							model,
							instances: answers.map(({instance}) => instance),
							calls: answers.map(({callId}) => callId),
							matrix,
							problem,
							costUsd,
						};
					} catch (error) {
						signal.throwIfAborted();
						return notObserved(
							request,
							error instanceof Error ? error.message : String(error),
						);
					}
				}
			}
		},
	};
}

/**
An environment without keys: those of the known servers, whatever holds the same as one of them, and whatever is called a key, a token, a secret or a password.
*/
export function withoutKeys(
	environment: Readonly<Record<string, string | undefined>>,
	variables: ReadonlySet<string>,
): Record<string, string | undefined> {
	const keys = new Set(
		[...variables]
			.map(name => environment[name] ?? '')
			.filter(value => value !== ''),
	);

	return Object.fromEntries(
		Object.entries(environment).filter(
			([name, value = '']) =>
				!variables.has(name) && !keys.has(value) && !isSecret.test(name),
		),
	);
}

const isSecret =
	/(?:^|_)(?:api_?)?(?:keys?|tokens?|secrets?|passw(?:or)?d|passphrase|credentials?)(?:_|$)/iv;
