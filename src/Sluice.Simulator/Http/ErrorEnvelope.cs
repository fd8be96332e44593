namespace Sluice.Simulator.Http;

internal enum ErrorEnvelope
{
    /// <summary><c>{"errors":[{"detail","status"}]}</c></summary>
    Errors,

    /// <summary><c>{"meta":{"error"}}</c></summary>
    Meta,

    /// <summary><c>{"errors":[{"detail","source":{"pointer"},"status"}]}</c></summary>
    Pointer,

    /// <summary><c>{"meta":{"errors":[…]}}</c></summary>
    MetaList,

    /// <summary>The Track API's version 2: <c>{"errors":[{"reason","field","message"}]}</c></summary>
    Track,
}
