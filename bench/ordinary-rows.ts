import {type World} from '../source/core/world.js';
import {llmTime} from '../source/store/llm-form.js';
import {type Log} from '../source/store/log.js';
import {question, type Chance} from './generated-text.js';

const models = ['gpt-4o', 'gpt-4o-mini', 'claude-4', 'gemini-3', 'llama-4'];

/**
Add a conversation of llm's own: one to four responses.
*/
export function ordinaryRows(
	log: Log,
	world: World,
	chance: Chance,
): () => number {
	const insertConversation = log.prepare(
		'INSERT INTO conversations VALUES (?, ?, ?)',
	);
	const insert = log.prepare(
		`INSERT INTO responses (id, model, prompt, system, options_json, response,
			response_json, conversation_id, duration_ms, datetime_utc, input_tokens,
			output_tokens)
		VALUES (?, ?, ?, ?, '{}', ?, ?, ?, ?, ?, ?, ?)`,
	);

	return () => {
		const conversationId = world.newId();
		const model = chance.oneOf(models);
		const rows = 1 + chance.below(4);
		insertConversation.run(
			conversationId,
			question(chance).slice(0, 32),
			model,
		);

		for (let row = 0; row < rows; row++) {
			const prompt = question(chance);
			const response = chance.prose(140) + chance.marks();
			const id = world.newId();
			insert.run(
				id,
				model,
				prompt,
				chance.below(5) === 0 ? 'Be brief.' : null,
				response,
				JSON.stringify({id: `chatcmpl-${id}`, model, finish_reason: 'stop'}),
				conversationId,
				500 + chance.below(20_000),
				llmTime(world.now()),
				Math.ceil(prompt.length / 4),
				Math.ceil(response.length / 4),
			);
		}

		return rows;
	};
}
