/**
The events of a reply, and what still follows once `isFinished` says that it is complete: its connection serves the next call only when it was read to its end. A server that does not end it is left after `afterFinishMs`, and nothing that goes wrong then costs the reply.
*/
export async function* lingering<Event>(
	events: AsyncIterable<Event>,
	isFinished: () => boolean,
	{
		leave,
		afterFinishMs,
	}: {readonly leave: () => void; readonly afterFinishMs: number},
): AsyncGenerator<Event, void, void> {
	let leaving: NodeJS.Timeout | undefined;

	try {
		for await (const event of events) {
			yield event;

			if (isFinished()) {
				leaving ??= setTimeout(leave, afterFinishMs);
			}
		}
	} catch (error) {
		if (!isFinished()) {
			throw error;
		}
	} finally {
		clearTimeout(leaving);
	}
}
