namespace Saccade.Training.Commands.Options;

/// <summary>What the user asked for cannot be done; the message is the one line to print.</summary>
internal sealed class CommandException(string message) : Exception(message);
