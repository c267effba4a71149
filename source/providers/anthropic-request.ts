import type {
	ContentBlock,
	ContentBlockParam,
	MessageParam,
	MessageStreamParams,
} from '@anthropic-ai/sdk/resources/messages/messages';
import {type Message, type ModelRequest} from '../core/model.js';
import {type Connection} from './connection.js';
import {anthropicOptions} from './options.js';

/**
What is sent: the conversation, the replies block by block as they came, and what a paused reply has said so far.
*/
export function bodyOf(
	{system, messages, options}: ModelRequest,
	{
		connection,
		maxTokens,
		paused,
	}: {
		readonly connection: Connection;
		readonly maxTokens: number;
		readonly paused: readonly ContentBlock[];
	},
): MessageStreamParams {
	return {
		max_tokens: maxTokens,
		...anthropicOptions(options),
		model: connection.model,
		...(system !== null && system !== '' && {system}),
		messages: [
			...messages.map(message => messageOf(message, protocolOf(connection))),
			...(paused.length > 0
				? [{role: 'assistant', content: sendable(paused)} as const]
				: []),
		],
	};
}

/**
Who can read a reply's blocks: a signature means nothing to another server.
*/
export function protocolOf({provider}: Connection): string {
	return `anthropic:${provider}`;
}

function messageOf(message: Message, protocol: string): MessageParam {
	if (message.role === 'user') {
		const [only, ...others] = message.parts;

		return {
			role: 'user',
			content:
				only !== undefined && others.length === 0
					? only
					: message.parts.map(text => ({type: 'text', text})),
		};
	}

	const blocks =
		message.native?.protocol === protocol
			? sendable(message.native.items as readonly ContentBlock[])
			: [];

	return {
		role: 'assistant',
		content: blocks.length > 0 ? blocks : message.text,
	};
}

/**
Blocks as they came, without the texts that hold nothing, which the server writes but does not read.
*/
function sendable(blocks: readonly ContentBlock[]): ContentBlockParam[] {
	return blocks.filter(block => block.type !== 'text' || block.text !== '');
}
