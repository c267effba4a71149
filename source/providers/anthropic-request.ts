import type {
	ContentBlock,
	ContentBlockParam,
	MessageParam,
	MessageStreamParams,
} from '@anthropic-ai/sdk/resources/messages/messages';
import {
	type CachePosition,
	type Message,
	type ModelRequest,
} from '../core/model.js';
import {type Connection} from './connection.js';
import {anthropicOptions} from './options.js';

/**
What is sent: the conversation, the replies block by block as they came, and what a paused reply has said so far.
*/
export function bodyOf(
	request: ModelRequest,
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
	const {system, messages, options} = request;
	const mark = markIn(request);
	// The server marks the end by itself when asked to. Copies of the protocol may refuse a field they do not know, and every one of them knows blocks.
	const isAtEnd =
		mark !== null &&
		connection.seller === 'anthropic' &&
		paused.length === 0 &&
		endsWith(messages, mark);

	return {
		max_tokens: maxTokens,
		...(isAtEnd && {cache_control: marker}),
		...anthropicOptions(options),
		model: connection.model,
		...(system !== null && system !== '' && {system}),
		messages: [
			...messages.map((message, index) =>
				message.role === 'user'
					? userMessage(
							message.parts,
							!isAtEnd && mark?.message === index ? mark.part : null,
						)
					: assistantMessage(message, protocolOf(connection)),
			),
			...(paused.length > 0
				? [{role: 'assistant', content: sendable(paused)} as const]
				: []),
		],
	};
}

const marker = {type: 'ephemeral'} as const;

/**
Where the marker belongs; null when there is none. A person who marks with an option of their own is not interfered with, and a text that holds nothing cannot be marked.
*/
function markIn({
	messages,
	options,
	cache,
}: ModelRequest): CachePosition | null {
	const through = cache?.through ?? null;
	const message = through && messages[through.message];

	return message?.role === 'user' &&
		(message.parts[through!.part] ?? '') !== '' &&
		!('cache_control' in options)
		? through
		: null;
}

function endsWith(
	messages: readonly Message[],
	{message, part}: CachePosition,
): boolean {
	const last = messages.at(-1);

	return (
		message === messages.length - 1 &&
		last?.role === 'user' &&
		part === last.parts.length - 1
	);
}

/**
Who can read a reply's blocks: a signature means nothing to another server.
*/
export function protocolOf({provider}: Connection): string {
	return `anthropic:${provider}`;
}

/**
Always in blocks, so that a marker that comes or goes changes nothing else of what is sent.
*/
function userMessage(
	parts: readonly string[],
	marked: number | null,
): MessageParam {
	return {
		role: 'user',
		content: parts.map((text, part) => ({
			type: 'text',
			text,
			...(part === marked && {cache_control: marker}),
		})),
	};
}

function assistantMessage(
	{text, native}: Extract<Message, {role: 'assistant'}>,
	protocol: string,
): MessageParam {
	const blocks =
		native?.protocol === protocol
			? sendable(native.items as readonly ContentBlock[])
			: [];

	return {role: 'assistant', content: blocks.length > 0 ? blocks : text};
}

/**
Blocks as they came, without the texts that hold nothing, which the server writes but does not read.
*/
function sendable(blocks: readonly ContentBlock[]): ContentBlockParam[] {
	return blocks.filter(block => block.type !== 'text' || block.text !== '');
}
